"""The console: pages for a browser, over the same API that programs use.

Conventions
-----------
- A page is a frame without data: what it shows and changes it asks of ``/api/v1``, which alone decides who may. Who may
  open a page (:data:`ml.service.console.pages.PAGES`) only spares people pages that would be empty to them.
- Nothing is built and nothing is fetched from elsewhere: templates, styles and ES modules lie in this package, the
  drawing library comes from the installed ``plotly``.
- No script and no style stands in a page, so that its content security policy can forbid both; Plotly sets styles of
  its own, which pages with charts allow.
- Every text is in :mod:`ml.service.console.texts`, in English and German.
"""

"""How the weights that come with the package were made; for whoever wants to make them again.

``python -m benchmarks.training.rhythm_sounds FOLDER SONGS OTHERS SEED`` renders what there is to hear,
``python -m benchmarks.training.rhythm_network FOLDER WEIGHTS.npz EPOCHS`` learns from it (needs torch), and
``python -m benchmarks.training.rhythm_choices SONGS SEED`` prints what its few constants come to on songs of a third
set, of neither half: how sure it may be of what it has not learnt (``rhythm_calm`` did that with patterns left out).

``python -m benchmarks.training.harmony_fitting`` renders and fits what tells keys and chords.

What the rhythm's weights come from is said in ``rhythm_network``.
"""

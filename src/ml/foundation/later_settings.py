"""The sections of settings of capabilities that are not built yet: accepted and checked, and changing nothing."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ml.foundation.section import Section


def _later(description: str, default: Any = ..., **limits: Any) -> Any:
    """Describe a key of a capability that is not built yet."""
    return Field(default, description=description, json_schema_extra={"built": False}, **limits)


class ContentOptimization(Section):
    """How texts are checked and improved."""

    label = "content_optimization"

    max_content_length: int = _later("characters of a text, at most", 10_000, ge=1)
    sentiment_model: str = _later(
        "Hugging Face model of sentiment", "cardiffnlp/twitter-roberta-base-sentiment-latest", min_length=1
    )
    compliance_rules: list[str] = _later(
        "checks a text has to pass", default_factory=lambda: ["spam_detection", "toxicity_filter"]
    )
    seo_keywords_max: int = _later("keywords of a text, at most", 20, ge=1)


class EnterpriseIntegrations(Section):
    """Clouds and monitoring."""

    label = "enterprise_integrations"

    cloud_platforms: list[Literal["azure", "aws", "gcp"]] = _later(
        "clouds to deploy to", default_factory=lambda: ["azure", "aws", "gcp"]
    )
    monitoring_interval_minutes: int = _later("minutes between two looks at a deployed model", 30, ge=1)
    drift_threshold: float = _later("drift above this raises an alert", 0.15, gt=0, le=1)
    fairness_threshold: float = _later("a ratio between groups below this is unfair", 0.8, gt=0, le=1)

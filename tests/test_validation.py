import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.foundation import extras
from ml.foundation.errors import BadInput, CorruptModel, MissingExtra, NotTrained
from ml.models.base import TrainingData
from ml.models.files import ModelSet, save_set
from ml.models.plays import Plays
from ml.models.registry import MODELS
from ml.validation import validate_model_integrity


def training_data(n_tags):
    plays = Plays.of([[0, 1, 1], [1, 2], [0, 2, 3]], n_items=4)
    tags = csr_matrix((4, n_tags), dtype=np.float32)
    return TrainingData(plays, tags, np.array([0, 0, 1, 1], dtype=np.int32))


def bad(report):
    return {check.name: check.detail for check in report.checks if not check.ok}


class Learned:
    """Looks like a model of ours and learned what it is given."""

    def __init__(self, arrays):
        self.learned = arrays

    def fit(self, data, *, rng):
        return self

    def score(self, history, *, items=None):
        return None

    def arrays(self):
        if self.learned is None:
            raise NotTrained("Learned has not been fitted", "ml train")
        return self.learned

    def restore(self, arrays):
        return self


class TestOurModels:
    @pytest.mark.parametrize("name", sorted(MODELS))
    @pytest.mark.parametrize("n_tags", [0, 3])
    def test_every_model_is_whole_after_fitting(self, name, n_tags):
        model = MODELS[name]().fit(training_data(n_tags), rng=np.random.default_rng(0))
        report = validate_model_integrity(model)
        assert report.ok, bad(report)
        assert report.kind == "model"
        report.raise_if_bad()

    @pytest.mark.parametrize("name", sorted(MODELS))
    def test_no_model_is_whole_before_fitting(self, name):
        assert "fitted" in bad(validate_model_integrity(MODELS[name]()))

    def test_not_trained_is_a_finding(self):
        assert bad(validate_model_integrity(Learned(None))) == {"fitted": "Learned has not been fitted"}

    @pytest.mark.parametrize(
        ("arrays", "check"),
        [
            ({"factors": np.array([[1.0, np.nan]])}, "finite"),
            ({"factors": np.array([[1.0, -np.inf]], "f4")}, "finite"),
            ({"factors": np.zeros((0, 8)), "n": np.array(3)}, "shapes"),
            ({"scores": np.zeros(0)}, "shapes"),
            ({"names": np.array([None, "a"], object)}, "types"),
            ({}, "fitted"),
        ],
    )
    def test_a_fault_is_found(self, arrays, check):
        report = validate_model_integrity(Learned(arrays))
        assert not report.ok
        assert list(bad(report)) == [check]

    def test_raise_if_bad_names_the_array(self):
        report = validate_model_integrity(Learned({"factors": np.array([1.0, np.nan, np.nan])}))
        with pytest.raises(CorruptModel, match="factors has 2 of 3"):
            report.raise_if_bad()

    def test_many_faults_make_a_short_message(self):
        arrays = {f"a{number}": np.array([np.nan]) for number in range(9)}
        assert bad(validate_model_integrity(Learned(arrays)))["finite"].endswith("and 4 more")

    def test_the_report_reads_like_any_result(self):
        report = validate_model_integrity(Learned({"a": np.ones(2)}))
        assert report["ok"] is True
        assert report.to_dict()["checks"][0]["name"] == "fitted"


class TestModelFolders:
    @pytest.fixture
    def folder(self, tmp_path):
        data = training_data(0)
        model = MODELS["popularity"]().fit(data, rng=np.random.default_rng(0))
        return tmp_path / save_set(
            tmp_path, ModelSet(item_keys=np.arange(4), item_kind="track", models={"popularity": model}, card={})
        )

    def test_a_folder_as_written_is_whole(self, folder):
        report = validate_model_integrity(folder)
        assert report.ok, bad(report)
        assert report.kind == "folder"
        assert validate_model_integrity(str(folder)) == report

    def test_one_changed_byte_is_found(self, folder):
        file = next(folder.rglob("*.npz"))
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
        assert not validate_model_integrity(folder).ok

    def test_numbers_that_were_bad_when_written_are_found(self, tmp_path):
        model = MODELS["popularity"]().fit(training_data(0), rng=np.random.default_rng(0))
        model.scores[0] = np.nan
        folder = tmp_path / save_set(
            tmp_path, ModelSet(item_keys=np.arange(4), item_kind="track", models={"popularity": model}, card={})
        )
        with pytest.raises(CorruptModel, match="not finite"):
            validate_model_integrity(folder).raise_if_bad()

    def test_a_broken_card_is_found(self, folder):
        (folder / "card.json").write_text("{")
        assert not validate_model_integrity(folder).ok


class TestScikitLearn:
    @pytest.fixture(autouse=True)
    def needed(self):
        pytest.importorskip("sklearn")

    x = np.random.default_rng(0).normal(size=(40, 3))
    y = (x[:, 0] > 0).astype(int)

    def fitted(self):
        from sklearn.compose import ColumnTransformer
        from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import GridSearchCV
        from sklearn.naive_bayes import GaussianNB
        from sklearn.neighbors import KNeighborsClassifier
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OneHotEncoder, StandardScaler
        from sklearn.svm import SVC
        from sklearn.tree import DecisionTreeClassifier

        yield LogisticRegression().fit(self.x, self.y)
        yield make_pipeline(StandardScaler(), LogisticRegression()).fit(self.x, self.y)
        yield make_pipeline(ColumnTransformer([("a", StandardScaler(), [0])]), SVC()).fit(self.x, self.y)
        yield RandomForestClassifier(3, random_state=0).fit(self.x, self.y)
        yield GradientBoostingClassifier(n_estimators=3).fit(self.x, self.y)
        yield HistGradientBoostingClassifier(max_iter=3).fit(self.x, self.y)
        yield DecisionTreeClassifier().fit(np.where(self.x > 1.5, np.nan, self.x), self.y)
        yield KNeighborsClassifier().fit(self.x, self.y)
        yield GaussianNB().fit(self.x, self.y)
        yield GridSearchCV(LogisticRegression(), {"C": [1, 2]}, cv=2).fit(self.x, self.y)
        yield OneHotEncoder().fit(np.array([["a"], [None]], dtype=object))

    def test_fitted_estimators_are_whole(self):
        for estimator in self.fitted():
            report = validate_model_integrity(estimator)
            assert report.ok, (estimator, bad(report))
            assert report.kind == "sklearn"

    def test_unfitted_ones_are_not(self):
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline

        for estimator in (LogisticRegression(), make_pipeline(LogisticRegression())):
            assert "not fitted" in bad(validate_model_integrity(estimator))["fitted"]

    def test_nan_is_found_however_deep(self):
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.linear_model import LogisticRegression
        from sklearn.multiclass import OneVsRestClassifier
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(self.x, self.y)
        pipeline[-1].coef_[0, 0] = np.nan
        assert "coef_" in bad(validate_model_integrity(pipeline))["finite"]
        nested = OneVsRestClassifier(LogisticRegression()).fit(self.x, self.y)
        nested.estimators_[0].intercept_[0] = np.inf
        assert "intercept_" in bad(validate_model_integrity(nested))["finite"]
        sparse = LogisticRegression().fit(self.x, self.y).sparsify()
        sparse.coef_.data[0] = np.nan
        assert "coef_" in bad(validate_model_integrity(sparse))["finite"]
        forest = RandomForestClassifier(2, random_state=0).fit(self.x, self.y)
        forest.estimators_[1].tree_.value[0, 0, 0] = np.nan
        assert "estimators_[1].tree_.value" in bad(validate_model_integrity(forest))["finite"]


class TestTorch:
    @pytest.fixture
    def torch(self):
        return pytest.importorskip("torch")

    def test_a_module_is_whole(self, torch):
        module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
        report = validate_model_integrity(module)
        assert report.ok, bad(report)
        assert report.kind == "torch"

    def test_nan_in_parameters_and_buffers_is_found(self, torch):
        module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
        with torch.no_grad():
            module[0].weight[0, 0] = float("nan")
            module[1].running_var[0] = float("inf")
        found = bad(validate_model_integrity(module))["finite"]
        assert "0.weight" in found
        assert "1.running_var" in found

    def test_a_buffer_that_is_not_saved_counts_too(self, torch):
        module = torch.nn.Linear(2, 2)
        module.register_buffer("hidden", torch.tensor([float("nan")]), persistent=False)
        assert "hidden" in bad(validate_model_integrity(module))["finite"]

    def test_no_parameters_empty_ones_and_unmade_ones_are_found(self, torch):
        assert list(bad(validate_model_integrity(torch.nn.ReLU()))) == ["parameters"]
        empty = torch.nn.Module()
        empty.register_parameter("weight", torch.nn.Parameter(torch.zeros(0, 3)))
        assert list(bad(validate_model_integrity(empty))) == ["shapes"]
        assert list(bad(validate_model_integrity(torch.nn.LazyLinear(3)))) == ["made"]
        assert list(bad(validate_model_integrity(torch.nn.Linear(2, 2, device="meta")))) == ["made"]

    def test_tied_weights_are_named_and_allowed(self, torch):
        module = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 2))
        module[1].weight = module[0].weight
        report = validate_model_integrity(module)
        assert report.ok
        assert {check.name: check.detail for check in report.checks}["shared"] == "1.weight is 0.weight"

    def test_low_precision_is_read(self, torch):
        module = torch.nn.Linear(2, 2).to(torch.float8_e4m3fn)
        assert validate_model_integrity(module).ok
        assert validate_model_integrity(torch.nn.Linear(2, 2).to(torch.bfloat16)).ok


class TestOnnx:
    @pytest.fixture
    def onnx(self):
        pytest.importorskip("onnxruntime")
        return pytest.importorskip("onnx")

    @pytest.fixture
    def write(self, onnx, tmp_path):
        def write(weights, operator="MatMul"):
            helper, kind = onnx.helper, onnx.TensorProto.FLOAT
            tensor = onnx.numpy_helper.from_array(np.asarray(weights, "f4"), "w")
            graph = helper.make_graph(
                [helper.make_node(operator, ["x", "w"], ["y"])],
                "g",
                [helper.make_tensor_value_info("x", kind, [1, 2])],
                [helper.make_tensor_value_info("y", kind, [1, 2])],
                [tensor],
            )
            model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
            path = tmp_path / "model.onnx"
            path.write_bytes(model.SerializeToString())
            return path

        return write

    def test_a_file_is_whole(self, write):
        report = validate_model_integrity(write(np.eye(2)))
        assert report.ok, bad(report)
        assert (report.kind, [check.name for check in report.checks]) == (
            "onnx",
            ["well_formed", "weights", "finite", "loads"],
        )

    def test_nan_is_found(self, write):
        assert "w has 1 of 4" in bad(validate_model_integrity(write([[np.nan, 0], [0, 1]])))["finite"]

    def test_a_truncated_file_is_found(self, write):
        path = write(np.eye(2))
        path.write_bytes(path.read_bytes()[:-20])
        assert not validate_model_integrity(path).ok

    def test_an_empty_file_and_a_text_are_found(self, onnx, tmp_path):
        for content in (b"", b"this is no model"):
            path = tmp_path / "x.onnx"
            path.write_bytes(content)
            assert "well_formed" in bad(validate_model_integrity(path))

    def test_shapes_that_do_not_fit_do_not_load(self, write):
        assert "loads" in bad(validate_model_integrity(write(np.eye(3))))

    def test_an_unknown_operator_is_found(self, write):
        assert not validate_model_integrity(write(np.eye(2), "NoSuchOperator")).ok


def test_onnx_without_its_libraries_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    (tmp_path / "x.onnx").write_bytes(b"x")
    with pytest.raises(MissingExtra) as caught:
        validate_model_integrity(tmp_path / "x.onnx")
    assert extras.install_command("onnx") in str(caught.value)


@pytest.mark.parametrize("thing", [3, None, {"a": 1}, SimpleNamespace(fit=1), MODELS["popularity"], b"x"])
def test_anything_else_is_told_what_is_accepted(thing):
    with pytest.raises(BadInput):
        validate_model_integrity(thing)


def test_paths_that_are_no_models_are_told_so(tmp_path):
    with pytest.raises(BadInput, match="no such file"):
        validate_model_integrity(tmp_path / "none")
    with pytest.raises(BadInput, match=r"no card\.json"):
        validate_model_integrity(tmp_path)
    (tmp_path / "model.pkl").write_bytes(b"x")
    with pytest.raises(BadInput, match="no model file"):
        validate_model_integrity(tmp_path / "model.pkl")


def test_no_library_is_imported_to_look_at_something_else():
    code = (
        "import sys\nfrom ml.validation import validate_model_integrity\n"
        "from ml.models.popularity import Popularity\nvalidate_model_integrity(Popularity())\n"
        "print([name for name in ('torch', 'sklearn', 'onnx', 'onnxruntime') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

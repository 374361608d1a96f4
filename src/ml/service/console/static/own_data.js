// All that is stored of a listener: given as a file, or erased after the id was written once more.

import { api, query } from "./api.js";
import { fields, one } from "./dom.js";
import { failure } from "./states.js";
import { t } from "./texts.js";

/** Let the page's two buttons speak of a listener. `whom` is what the API is sent, `then` takes the receipt of an erasure. */
export function ownData(id, whom, then) {
  one("download").href = query("/api/v1/listeners/export", whom);
  one("erase").onclick = () => {
    one("erase-id").textContent = id;
    one("erase-form").reset();
    one("erase-failed").replaceChildren();
    one("erasure").showModal();
  };
  one("erase-not").onclick = () => one("erasure").close();
  one("erase-form").onsubmit = async (event) => {
    event.preventDefault();
    const button = one("erase-form").querySelector(".danger");
    button.disabled = true;
    try {
      const { confirm } = fields(one("erase-form"));
      // A short form is for the API to judge, which knows what it stands for.
      if (id.includes(":") && confirm !== id) throw { title: t("listener.erase_unlike"), hint: t("listener.erase_unlike_hint") };
      const receipt = await api("DELETE", query("/listeners", { ...whom, confirm }));
      one("erasure").close();
      then(receipt);
    } catch (problem) {
      one("erase-failed").replaceChildren(failure(problem));
    } finally {
      button.disabled = false;
    }
  };
}

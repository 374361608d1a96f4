"""Every public verb has an operation of the API, a command and a page, or a reason why not."""

import inspect
from pathlib import Path

import pytest
from tests.cli.test_reference import LEAVES

from ml.app import App
from ml.app.experiments import Experiments
from ml.app.jobs import BackgroundJobs
from ml.app.tracks import Tracks
from ml.audio_analysis import AudioAnalyzer, AudioLibrary, StreamAnalyzer
from ml.data.access.accounts import Accounts
from ml.data.access.invitations import Invitations
from ml.data.access.keys import Keys
from ml.data.access.second_factors import SecondFactors
from ml.data.access.sessions import Sessions
from ml.data.audit import AuditLog
from ml.intelligent_search import SearchEngine
from ml.intelligent_search.covers import CoverSearch
from ml.library_map import Atlas
from ml.playlist_generator import PlaylistGenerator
from ml.recommendation_engine import RecommendationEngine
from ml.service.policy import RULES

DOCS = Path(__file__).resolve().parents[2] / "docs"
CLASSES = (
    *(App, RecommendationEngine, PlaylistGenerator, SearchEngine, CoverSearch, Atlas, AudioLibrary, AudioAnalyzer),
    *(Tracks, StreamAnalyzer, Experiments, BackgroundJobs, Keys, Accounts, Invitations),
    *(SecondFactors, Sessions, AuditLog),
)
#: What is no verb: what verbs are made of, and who opens and closes them.
INNER = {
    "App": "listener_key close engine_parts generator_parts map_parts search_parts "
    "of_settings with_files demo playlist_server",
    "RecommendationEngine": "stamp",
    "AudioLibrary": "close",
    "SearchEngine": "document",
    "AuditLog": "close flush open pseudonym record record_soon",
    "BackgroundJobs": "is_attended look_after",
    "Experiments": "lost_by",
    "Sessions": "authenticate check_csrf csrf_token id_of",
    "Keys": "authenticate",
    "AudioAnalyzer": "analyze_and_hear",
}
#: Why something has no operation, or no command.
REASONS = {
    "another": "another verb of the same class does the same",
    "paths": "it reads or writes paths of the machine that it runs on",
    "script": "it is for programs that hold the object",
    "browser": "it is a browser's",
    "host": "who may do this may read the workspace's files",
}
#: Verb, operation, command, page; reasons are in brackets.
TABLE = """
App.backup                  (paths)           workspace backup    access
App.begin                   begin_workspace   workspace begin     console
App.count_listens           user_listen_count (script)            scrobbling
App.decrypt                 (host)            keys decrypt        encryption
App.diagnose                (host)            doctor              troubleshooting
App.encrypt                 (host)            keys init           encryption
App.erase_listener          erase_listener    listeners erase     encryption
App.evaluate                submit_job        evaluate            evaluation
App.export                  (paths)           export              importers
App.export_listener         export_listener   listeners export    encryption
App.export_rejects          export_rejects    import              importers
App.exposure                submit_job        exposure            fairness
App.forget_tuning           forget_tuning     tune                evaluation
App.import_path             import_file       import              importers
App.import_playlist         import_file       playlist import     playlist-files
App.imports                 list_imports      import              importers
App.listens_between         user_listens      (script)            scrobbling
App.merge                   merge_items       identity merge      importers
App.merges                  list_merges       identity list       importers
App.model_card              model_card        models show         evaluation
App.model_sets              list_models       models list         evaluation
App.promote                 promote_models    models promote      evaluation
App.pull_playlist           pull_playlist     playlist pull       playlist-files
App.pull_playlist_to_file   (paths)           playlist pull       playlist-files
App.push_playlist           push_playlist     playlist push       playlist-files
App.rejects                 list_rejects      import              importers
App.rollback                roll_back_models  models rollback     evaluation
App.rotate_keys             (host)            keys rotate         encryption
App.scrobble                submit_listens    (script)            scrobbling
App.scrobble_tracks         subsonic_scrobble (script)            scrobbling
App.snapshot                submit_job        snapshot            architecture
App.split                   split_item        identity split      importers
App.status                  workspace_status  status              quickstart
App.track_keys              subsonic_scrobble (script)            scrobbling
App.train                   submit_job        train               evaluation
App.tune                    submit_job        tune                evaluation
App.vault_status            (host)            keys status         encryption
App.undo_import             undo_import       import              importers
RecommendationEngine.explain           explain             explain         explanations
RecommendationEngine.get_recommendations (another)         recommend       quickstart
RecommendationEngine.history_state     history_state       history status  feedback
RecommendationEngine.main_parameters   main_parameters     explain         explanations
RecommendationEngine.onboard           onboard             onboard         cold-start
RecommendationEngine.pause_history     pause_history       history pause   feedback
RecommendationEngine.process_recommendations_batch recommend_batch recommend quickstart
RecommendationEngine.ratings           (script)            (script)        evaluation
RecommendationEngine.ratings_beside    (script)            (script)        evaluation
RecommendationEngine.ratings_in        (script)            (script)        evaluation
RecommendationEngine.recommend         recommend           recommend       quickstart
RecommendationEngine.recommend_batch   (another)           recommend       quickstart
RecommendationEngine.recommend_from    recommend_stranger  onboard         cold-start
RecommendationEngine.record            record_event        record          feedback
RecommendationEngine.resume_history    resume_history      history resume  feedback
RecommendationEngine.score             (script)            (script)        evaluation
RecommendationEngine.similar           similar             similar         quickstart
RecommendationEngine.undo              undo_event          undo            feedback
PlaylistGenerator.append               append_playlist     playlist extend        playlists-live
PlaylistGenerator.choices              playlist_choices    (script)               playlists
PlaylistGenerator.delete_recipe        delete_recipe       playlist delete-recipe playlists-live
PlaylistGenerator.edit                 edit_playlist       (script)               playlists-live
PlaylistGenerator.extend               extend_playlist     playlist extend        playlists-live
PlaylistGenerator.generate             generate_playlist   playlist make          playlists
PlaylistGenerator.generate_mood_playlist (another)         playlist mood          playlists
PlaylistGenerator.generate_playlist    (another)           playlist make          playlists
PlaylistGenerator.path                 playlist_path       (script)               playlists-live
PlaylistGenerator.radio                radio               (script)               playlists-live
PlaylistGenerator.recipes              list_recipes        playlist recipes       playlists-live
PlaylistGenerator.refresh              refresh_recipe      playlist refresh       playlists-live
PlaylistGenerator.reorder              reorder_playlist    (script)               playlists-live
PlaylistGenerator.resize               resize_playlist     (script)               playlists-live
PlaylistGenerator.save                 save_playlist       playlist make          playlists-live
PlaylistGenerator.save_recipe          save_recipe         playlist save-recipe   playlists-live
PlaylistGenerator.show                 show_playlist      (script)               playlists-live
SearchEngine.again                     ask_saved_search    search again           search
SearchEngine.choose                    choose_hit          search choose          search
SearchEngine.delete_saved              delete_saved_search search unsave          search
SearchEngine.forget                    forget_searches     search forget          search
SearchEngine.recent                    recent_searches     search recent          search
SearchEngine.refresh                   submit_job          search index           search
SearchEngine.save                      save_search         search save            search
SearchEngine.saved                     saved_searches      search saved           search
SearchEngine.search                    search              search find            search
SearchEngine.search_all                (script)            (script)               search
SearchEngine.search_async              (another)           search find            search
SearchEngine.search_audio              search_audio        search find            search-audio
SearchEngine.search_audio_async        (another)           search find            search-audio
SearchEngine.search_voice              search_voice        search find            search-voice
SearchEngine.search_voice_async        (another)           search find            search-voice
SearchEngine.suggest                   suggest             search find            search
SearchEngine.trending                  trending_searches   search trending        search
SearchEngine.unanswered                unanswered_searches search unanswered      search
CoverSearch.add                        (paths)             search covers          search-covers
CoverSearch.alike                      covers_alike        search alike           search-covers
CoverSearch.by_colour                  covers_by_colour    search coloured        search-covers
CoverSearch.by_mood                    covers_by_mood      search coloured        search-covers
CoverSearch.find                       search_image        search find            search-covers
CoverSearch.remove                     (paths)             (script)               search-covers
CoverSearch.scan                       (paths)             search covers          search-covers
Atlas.build                            submit_job          map build             library-map
Atlas.show                             library_map         map show              library-map
AudioLibrary.correct                   correct_audio       audio correct          audio
AudioLibrary.correct_sound             correct_audio       audio correct          audio
AudioLibrary.duplicates                submit_job          audio duplicates       audio
AudioLibrary.identify                  identify_audio      audio identify         audio
AudioLibrary.iter_tracks               list_library        audio list             audio
AudioLibrary.page                      list_library        audio list             audio
AudioLibrary.scan                      (paths)             audio scan             audio
AudioLibrary.similar                   search_audio        audio similar          audio
AudioLibrary.similar_to                track_similar       audio similar       audio
AudioLibrary.sound                     track_analysis      audio list          audio
AudioLibrary.tracks                    list_library        audio list             audio
AudioLibrary.train_heads               submit_job          audio train-heads      audio
AudioLibrary.versions                  audio_versions      audio versions         audio
AudioLibrary.write                     (paths)             audio write-tags       audio
AudioLibrary.write_tags                (paths)             audio write-tags       audio
Tracks.analysis                        track_analysis      audio show          audio
Tracks.facts                           track               search find         search
Tracks.similar                         track_similar       audio similar       audio
Tracks.file                            track_audio         (paths)             audio
AudioAnalyzer.analyze                  analyze_audio       audio analyze          audio
AudioAnalyzer.get_analysis             (another)           audio analyze          audio
AudioAnalyzer.show                     (paths)             audio show             audio
StreamAnalyzer.finish                  stream_audio        audio stream           audio
StreamAnalyzer.push                    stream_audio        audio stream           audio
Experiments.create                     create_experiment   experiment create      experiments
Experiments.delete                     delete_experiment   experiment delete      experiments
Experiments.holdout                    set_experiment_holdout experiment holdout  experiments
Experiments.list                       list_experiments    experiment list        experiments
Experiments.ramp                       ramp_experiment     experiment ramp        experiments
Experiments.record                     record_outcome      experiment event       experiments
Experiments.report                     experiment_report   experiment report      experiments
Experiments.show                       show_experiment     experiment show        experiments
Experiments.start                      start_experiment    experiment start       experiments
Experiments.stop                       stop_experiment     experiment stop        experiments
BackgroundJobs.cancel                  cancel_job          jobs cancel            jobs
BackgroundJobs.get                     show_job            jobs show              jobs
BackgroundJobs.list                    list_jobs           jobs list              jobs
BackgroundJobs.submit                  submit_job          jobs submit            jobs
BackgroundJobs.wait                    show_job            jobs wait              jobs
Keys.create                            create_key          access add-key         access
Keys.list                              list_keys           access keys            access
Keys.revoke                            revoke_key          access revoke          access
Keys.rotate                            rotate_key          access rotate          access
Accounts.create                        (host)              access add-account     access
Accounts.disable                       disable_account     access disable         access
Accounts.enable                        enable_account      access enable          access
Accounts.find                          list_accounts       access accounts        access
Accounts.list                          list_accounts       access accounts        access
Accounts.set_password                  change_password     access password        access
Accounts.verify                        log_in              (browser)              access
Invitations.accept                     accept_invitation   (browser)              access
Invitations.invite                     invite              access invite          access
Invitations.list                       list_invitations    access invitations     access
Invitations.look_at                    look_at_invitation  (browser)              access
Invitations.reset                      (host)              access reset           access
Invitations.set_up                     (host)              serve                  access
Invitations.setup_is_due               setup_state         serve                  access
Invitations.withdraw                   withdraw_invitation access withdraw        access
SecondFactors.begin                    begin_second_factor (browser)              access
SecondFactors.confirm                  confirm_second_factor (browser)            access
SecondFactors.remove                   reset_second_factor access reset-second-factor access
SecondFactors.state                    second_factor_state (browser)              access
Sessions.close                         log_out             (browser)              access
Sessions.close_all                     end_sessions        access log-out         access
Sessions.end                           end_session         access log-out         access
Sessions.list                          list_sessions       access sessions        access
Sessions.open                          log_in              (browser)              access
AuditLog.prune                         (host)              audit prune            audit
"""


def lines():
    for line in TABLE.strip().splitlines():
        verb, operation, *command, page = line.split()
        yield verb, operation, " ".join(command), page


def verbs(kind):
    inner = INNER.get(kind.__name__, "").split()
    names = [name for name, each in inspect.getmembers(kind, callable) if name[0] != "_"]
    assert set(inner) <= set(names), kind
    return {f"{kind.__name__}.{name}" for name in names} - {f"{kind.__name__}.{name}" for name in inner}


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_each_verb_has_a_line_and_each_line_a_verb(kind):
    assert sorted(verb for verb, *_ in lines() if verb.startswith(f"{kind.__name__}.")) == sorted(verbs(kind))


def test_what_the_lines_name_is_there():
    for verb, operation, command, page in lines():
        for named, known in ((operation, RULES), (command, {path.removeprefix("ml ") for path in LEAVES})):
            assert named.strip("()") in REASONS if named.startswith("(") else named in known, (verb, named)
        assert (DOCS / f"{page}.md").exists(), (verb, page)

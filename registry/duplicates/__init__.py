"""Records that may be the same: pairs already recorded, and what a record being typed is like.

Read-only computation that never sees a request. `kinds` says in SQL what speaks for a duplicate;
`find` asks it.
"""

from registry.duplicates.find import Pair, Similar, like, possible_duplicates
from registry.duplicates.kinds import KINDS

__all__ = ["KINDS", "Pair", "Similar", "like", "possible_duplicates"]

"""Words and wall times become instants here; pure and synchronous.

Importing this package makes ``zoneinfo`` read the pinned tzdata package and never the operating system's copy, which
may be years older.
"""

from bot.times.tzdata import use_pinned_tzdata

use_pinned_tzdata()

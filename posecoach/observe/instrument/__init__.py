"""How true degrees are read from what the model finds, and how far they may be off.

The one place for it: ``instrument().read(...)`` tells each measure with its spread between
people. docs/instrument.md has the figures, ``python -m benchmarks.instrument`` derives them.
"""

from posecoach.observe.instrument.errors import again_share as again_share
from posecoach.observe.instrument.errors import error_deg as error_deg
from posecoach.observe.instrument.instrument import Instrument as Instrument
from posecoach.observe.instrument.instrument import Seen as Seen
from posecoach.observe.instrument.instrument import instrument as instrument
from posecoach.observe.instrument.told import NINE_OF_TEN as NINE_OF_TEN
from posecoach.observe.instrument.told import Told as Told
from posecoach.observe.instrument.told import ToldTable as ToldTable

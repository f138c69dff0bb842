"""The contractor's portal: am I paused, why, until when, what does it cost me, what now."""

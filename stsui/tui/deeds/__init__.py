"""What the keys do: one function per command, `f(frame, role)`, found by the name in its row of `commands`.

They answer on the row, by a dialog, or by one short notice. A module is loaded when one of its keys is first
pressed.
"""

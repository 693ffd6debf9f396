"""The conversational edge: one file a conversation; `commands.py` and `buttons.py` list what there is."""

"""The program's own settings, from the environment or .env. Credentials stand beside each kind.

Read once in a composition root and handed on; nothing reads settings at import. Every setting is named in
.env.example, which a test holds against the class.
"""

from app.settings.places import DATA_FOLDER, PROJECT_ROOT
from app.settings.together import Settings

__all__ = ["DATA_FOLDER", "PROJECT_ROOT", "Settings"]

"""What the site (mkdocs.yml) needs beyond docs/: README and changelog as pages, and links to files of the source tree as their names."""
import re
from pathlib import Path

from mkdocs.structure.files import File

SOURCE = Path(__file__).resolve().parents[1]


def on_files(files, config):
    readme = (SOURCE / "README.md").read_text().replace("](docs/", "](").replace("](CHANGELOG.md)", "](changelog.md)")
    files.append(File.generated(config, "index.md", content=readme))
    files.append(File.generated(config, "changelog.md", content=(SOURCE / "CHANGELOG.md").read_text()))
    return files


def on_page_markdown(markdown, page, config, files):
    """A link that leads out of docs/ becomes its text and the file's name; one to nothing fails the build."""

    def named(match):
        target = (Path(config.docs_dir) / page.file.src_uri).parent / match[2]
        if Path(config.docs_dir) in target.resolve().parents:
            return match[0]
        if not target.exists():
            raise ValueError(f"{page.file.src_uri}: {match[2]} is not there")
        return f"{match[1]} (`{target.resolve().relative_to(SOURCE)}`)"

    return re.sub(r"(?<!!)\[([^\]]+)\]\((\.\./[^)#]+)\)", named, markdown)

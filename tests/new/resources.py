"""Resources that tests add."""

AUTHOR = ["author", "name:str:100", "email:str:unique", "born:date?"]
BOOK = ["book", "title:str:200:index", "price:decimal", "state:enum(draft,live)=draft", "author:ref(authors)"]
EVERY_KIND = [
    "a_str:str:20:unique",
    "a_text:text?",
    "an_int:int=0",
    "a_float:float",
    "a_decimal:decimal(6,3)=0.5",
    "a_bool:bool=true",
    "a_day:date",
    "a_time:datetime?",
    "a_code:uuid:index",
    "a_state:enum(draft,in-work)",
    "item:ref(items):unique",
    "parent:ref(things)?",
]
# A table as the code of a project defines it.
TABLE = 'class {model}(Base):\n    __tablename__ = "{table}"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'

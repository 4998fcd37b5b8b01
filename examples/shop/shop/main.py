from typing import Annotated

from fastapi import Depends, FastAPI

from shop.prices import dollars
from shop.rates import Rates

app = FastAPI()


@app.get("/prices/{sku}")
async def price(sku: str, rates: Annotated[Rates, Depends()]) -> dict[str, float]:
    return {"eur": await dollars(sku) / rates.today("EUR")}

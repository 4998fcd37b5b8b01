import aiosqlite


async def dollars(sku: str) -> float:
    async with aiosqlite.connect("shop.db") as database:
        rows = await database.execute_fetchall("SELECT price FROM products WHERE sku = ?", (sku,))
    return sum(row[0] for row in rows)

"""What the paper and the article print, entered once from their tables, in the units of the print.

The paper: Lang, Huang, Jiang, Han, ICSOBA 2025, Mt unless said otherwise. The article: SMM news on
the countervailing-duty case of May 2025, kt.
"""

from __future__ import annotations

OTHERS = "Others"

CAPACITY = {
    "Shandong": 9.15, "Xinjiang": 3.55, "Henan": 3.45, "Inner Mongolia": 2.16, "Yunnan": 1.70,
    "Gansu": 1.66, "Guangxi": 1.43, "Qinghai": 1.17, "Liaoning": 1.04, "Guizhou": 0.68,
    "Ningxia": 0.66, OTHERS: 3.73,
}  # fmt: skip
OUTPUT = {
    "Shandong": 7.52, "Xinjiang": 2.77, "Henan": 1.76, "Inner Mongolia": 1.89, "Yunnan": 1.69,
    "Gansu": 1.28, "Guangxi": 1.25, "Qinghai": 0.81, "Liaoning": 0.59, "Guizhou": 0.56,
    "Ningxia": 0.60, OTHERS: 2.40,
}  # fmt: skip
"""Table 2; its Others are without Liaoning and Ningxia."""
NATIONAL_OUTPUT = 23.102
TABLE_3 = {
    "Shandong": (7.52, 3.32, 1.64, 2.56), "Xinjiang": (2.77, 2.80, 0.00, -0.026),
    "Inner Mongolia": (1.89, 2.99, 0.00, -1.095), "Yunnan": (1.69, 2.46, 0.00, -0.775),
    "Gansu": (1.28, 1.37, 0.00, -0.097), "Qinghai": (0.81, 1.29, 0.00, -0.479),
    "Guangxi": (1.25, 1.31, 0.00, -0.062), "Henan": (1.76, 0.88, 0.02, 0.87),
    "Guizhou": (0.56, 0.76, 0.00, -0.198), OTHERS: (3.59, 2.39, 0.51, 0.68),
    "Total": (23.10, 19.56, 2.17, 1.38),
}  # fmt: skip
"""Output, domestic demand, exports, balance; its Others are with Liaoning and Ningxia."""
MARKETS = {
    "Malaysia": 549.9, "Canada": 266.1, "Norway": 242.7, "United Arab Emirates": 240.4,
    "Russia": 216.7, "Indonesia": 192.3, "Iceland": 120.2, "Oman": 66.3, "South Korea": 53.4,
    "Bahrain": 52.5, "Other markets": 165.2, "Total": 2165.8,
}  # fmt: skip
"""Table 4, exports of 2024 by market, kt."""
TEXT = {
    ("output", "Shandong"): 7.515, ("demand", "Shandong"): 3.316, ("exports", "Shandong"): 1.636,
    ("output", "Henan"): 1.760, ("output", "Yunnan"): 1.690, ("demand", "Yunnan"): 2.462,
}  # fmt: skip
"""More precise figures of the text."""
SECTION_5_2 = {"Shandong": 4.2, "Yunnan": -0.77, "Inner Mongolia": -1.1}
"""Output less demand in the province."""

COMPANIES = {
    "BTR": {"capacity": 575, "sales": 430, "revenue": 10.692},
    "Shanshan": {"output": 354.6, "sales": 339.5, "stock": 50.0, "revenue": 8.196},
    "Zhongke": {"capacity": 239, "output": 228.6, "sales": 225.7, "revenue": 5.193},
    "Shangtai": {"output": 226.8, "sales": 216.5, "stock": 17.1, "revenue": 4.707},
    "PTL": {"capacity": 200, "output": 136.7, "sales": 132.3, "stock": 31.1, "revenue": 4.222},
    "Xiangfenghua": {"capacity": 90, "output": 75.1, "sales": 68.9, "stock": 6.326,
                     "revenue": 1.382},
}  # fmt: skip
"""Of 2024, kt and bn CNY; BTR's sales are printed as more than 430."""
WORLD_KT, CHINA_KT, CHINA_SHARE, GROWTH = 2206, 2115, 0.959, 0.213
ON_ALL_OTHERS, ON_THE_NAMED, PETITIONED = 0.0655, 7.1203, 9.20
PRELIMINARY, FINAL_EXPECTED = "2025-05-20", "2025-09-29"
MOROCCO_STAGES, MOROCCO_STAGE_KT, MOROCCO_MOST_BN_CNY = 2, 50, 5
"""Zhongke's plan: capital at most so much for both stages."""
SELF_SUPPLY_2016 = {
    "Guangxi": 2.43, "Chongqing": 1.11, "Ningxia": 1.02, "Liaoning": 1.00, "Shaanxi": 0.88,
    "Xinjiang": 0.84, "Yunnan": 0.83, "Inner Mongolia": 0.77, "Shanxi": 0.76, "Henan": 0.71,
    "Qinghai": 0.69, "Gansu": 0.18,
}  # fmt: skip
"""Captive anodes over need by province, by chinaccm; Liaoning's is that of the north-east."""

"""The allocation model: a case in, a proved least-cost allocation out.

Data flows one way: tables → Case → (scenario) Case → lanes → program → Result.
"""

"""Random small networks as the texts of their files."""

from __future__ import annotations

from hypothesis import strategies as st

Texts = dict[str, str]


@st.composite
def random_networks(draw: st.DrawFn) -> Texts:
    """Small networks with parallel and limited links, two modes, limits and explicit lanes."""
    whole = st.integers(0, 30)
    nodes = "ABCDE"
    links = []
    for _ in range(draw(st.integers(3, 9))):
        tail, head = draw(st.permutations(nodes))[:2]
        mode = draw(st.sampled_from(["rail", "sea"]))
        limit = draw(st.sampled_from(["", "", "5", "12.5"]))
        one_way = draw(st.sampled_from(["", "true"]))
        links.append(f"{tail},{head},{mode},{draw(whole)},{limit},{one_way}")
    limits = [
        f"{name},,{draw(st.integers(5, 40))},{draw(st.sampled_from(['', 'o1', 'o2']))},,"
        f"{draw(st.sampled_from(['', 'rail', 'sea']))},{draw(st.sampled_from(['', 'A', 'B']))}\n"
        for name in ("L1", "L2")[: draw(st.integers(0, 2))]
    ]
    supplies = [draw(st.integers(5, 40)) for _ in range(3)]
    demands = [draw(st.integers(0, 12)) for _ in range(3)]
    lanes = [
        f"o{draw(st.integers(1, 3))},s{number},truck,{draw(st.integers(10, 200))},"
        f"{draw(st.sampled_from(['', '', '2']))},{draw(st.sampled_from(['', '3', '8']))}"
        for number in (1, 2, 3)
    ]
    floor = draw(st.sampled_from(["", "floor,3,,o1,,,\n"]))
    duty = draw(st.sampled_from(["", "duty,0.5,30.25,s1,,\n", "duty,0.5,30.25,,sea,\n"]))
    carbon_price = draw(st.sampled_from([0, 55.5]))
    return {
        "case.toml": f'name = "random"\ncarbon_price_cny_per_t = {carbon_price}\n',
        "origins.csv": "origin,supply_kt,node\n"
        + "".join(f"o{n + 1},{kt},{nodes[n]}\n" for n, kt in enumerate(supplies)),
        "sinks.csv": "sink,demand_kt,node,max_kt\n"
        + "".join(
            f"s{n + 1},{kt},{draw(st.sampled_from(nodes))},{kt + draw(st.integers(0, 3))}\n"
            for n, kt in enumerate(demands)
        ),
        "lanes.csv": "origin,sink,mode,cost_cny_per_t,min_kt,max_kt\n" + "\n".join(lanes) + "\n",
        "nodes.csv": "node\n" + "\n".join(nodes) + "\n",
        "modes.csv": "mode,fixed_cny_per_t,cny_per_t_km,gco2_per_t_km\nrail,7,1,9\nsea,20,0.3,4\n",
        "links.csv": "from,to,mode,km,limit_kt,one_way\n" + "\n".join(links) + "\n",
        "limits.csv": "limit,min,max,origin,sink,mode,via\n" + floor + "".join(limits),
        "duties.csv": "duty,rate,value_cny_per_t,sink,mode,via\n" + duty,
    }

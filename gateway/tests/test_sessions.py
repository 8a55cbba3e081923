from gateway.testing.visits import Visit


def test_operator_signs_in(operator: Visit) -> None:
    reply = operator.get("/sessions/current")
    assert reply.status_code == 200, reply.text
    assert reply.json["account"]["username"] == "operator"

from chassis.process import ServiceDescription, main

SERVICE = ServiceDescription(
    name="echo",
    settings="echo.settings:EchoSettings",
    rpc="echo.service:EchoService",
    subscriptions="echo.subscriptions:EchoSubscriptions",
    jobs="echo.jobs:jobs",
    events="echo.schemas:EVENTS",
)

if __name__ == "__main__":
    main(SERVICE)

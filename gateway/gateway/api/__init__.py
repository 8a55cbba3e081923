"""The JSON API: routes as data, one view for all of them, described by OpenAPI."""

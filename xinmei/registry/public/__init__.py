"""公众核验: what everybody may ask of the register, as pages and as JSON, without log-in."""

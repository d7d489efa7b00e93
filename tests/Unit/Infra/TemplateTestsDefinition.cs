namespace WhatsOps.Tests.Unit.Infra;

/// <summary>All tests of the templates share one compilation.</summary>
[CollectionDefinition("Infra")]
public sealed class TemplateTestsDefinition : ICollectionFixture<Template>;

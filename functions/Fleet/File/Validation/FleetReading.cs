namespace WhatsOps.Fleet;

/// <summary>What came of reading a fleet file: a document, or every problem it has.</summary>
/// <param name="Document">Null when there are problems.</param>
/// <param name="Json">The document as it is stored: without comments, in the order it was written.</param>
internal sealed record FleetReading(FleetDocument? Document, string? Json, IReadOnlyList<FleetProblem> Problems);

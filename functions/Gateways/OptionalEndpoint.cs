namespace WhatsOps.Gateways;

/// <summary>An endpoint that not every gateway of a family has.</summary>
/// <param name="Path"><c>{0}</c> is the instance.</param>
/// <param name="Body">Sent as JSON; nothing that would send or change anything.</param>
internal sealed record OptionalEndpoint(string Name, HttpMethod Method, string Path, object? Body = null)
{
    public bool NeedsInstance => Path.Contains("{0}", StringComparison.Ordinal);

    public string At(string instance) => Path.Replace("{0}", instance, StringComparison.Ordinal);
}

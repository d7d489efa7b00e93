namespace WhatsOps.Gateways;

/// <summary>One field that is not as it should be. Secrets are compared, never shown.</summary>
/// <param name="Field">Of a webhook <c>webhook</c> (none is set), <c>enabled</c>, <c>url</c>, <c>events</c>, <c>byEvents</c>, <c>base64</c> or <c>headers.{name}</c>.</param>
public sealed record FieldDifference(string Field, string Is, string Should)
{
    /// <summary>For plans and progress.</summary>
    public override string ToString() => $"{Field}: {Is} → {Should}";
}

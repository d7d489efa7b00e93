using System.Text.Json.Nodes;

namespace WhatsOps.Tests.Unit.Infra;

/// <summary>What the compiler said.</summary>
/// <param name="Text">What it made, as JSON; null: nothing.</param>
/// <param name="Words">Its errors, warnings and linter messages; empty: none.</param>
internal sealed record BicepAnswer(string? Text, string Words)
{
    /// <exception cref="InvalidOperationException">Nothing was made; says why.</exception>
    public JsonObject Json => JsonNode.Parse(Text ?? throw new InvalidOperationException(Words))!.AsObject();
}

using System.Text.Json;

namespace WhatsOps.Gateways;

/// <summary>What families of gateways do differently in one request, whatever it is about.</summary>
/// <param name="Product">For sentences, with its article: <c>an Evolution API</c>.</param>
/// <param name="KeyHeader">Carries the key.</param>
/// <param name="Error">The words in the body of an error; empty when it has none.</param>
/// <param name="KeyScheme">Stands before the key in its header, e.g. <c>"Bearer "</c>.</param>
/// <param name="AlsoReads">A status outside 2xx whose body is read like a success's; null: none.</param>
internal sealed record GatewayDialect(string Product, string KeyHeader, Func<JsonElement, string> Error, string KeyScheme = "", int? AlsoReads = null);

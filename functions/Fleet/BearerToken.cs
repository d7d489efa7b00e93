using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace WhatsOps.Fleet;

/// <summary>The token of a request's <c>Authorization: Bearer</c> header.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>Null: there is none.</summary>
    public static string? Of(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization.ToString();
        return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : null;
    }

    /// <summary>Whether the request has this token. Hashed first, so that the comparison takes the same time for any length.</summary>
    public static bool Matches(HttpRequest request, string token) =>
        token.Length > 0 && Of(request.Headers) is { } sent
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(sent)), SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

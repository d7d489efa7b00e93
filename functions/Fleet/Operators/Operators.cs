using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace WhatsOps.Fleet;

/// <inheritdoc cref="IOperators"/>
internal sealed class Operators(IFleet fleet) : IOperators
{
    public const string KeyHeader = "x-whatsops-key";
    public const string HashPrefix = "sha256:";

    public async ValueTask<Operator> RequireAsync(HttpRequest request, OperatorRole role, CancellationToken cancellation)
    {
        var key = KeyOf(request) ?? throw new AccessDeniedException(StatusCodes.Status401Unauthorized, "No operator key was sent.");
        var current = await fleet.CurrentAsync(cancellation)
            ?? throw new ProblemException(StatusCodes.Status503ServiceUnavailable, "No fleet is applied yet.", null, "Set FleetFile and start again.");
        var caller = Find(current.Document.Operators, key)
            ?? throw new AccessDeniedException(StatusCodes.Status401Unauthorized, "The operator key is not known.");
        return caller.Role >= role
            ? caller
            : throw new AccessDeniedException(StatusCodes.Status403Forbidden, $"{caller.Name} is {Name(caller.Role)}; this needs {Name(role)}.");
    }

    private static string? KeyOf(HttpRequest request)
    {
        var header = request.Headers[KeyHeader].ToString();
        return header.Length > 0 ? header : BearerToken.Of(request.Headers);
    }

    private static Operator? Find(IReadOnlyList<Operator> operators, string key)
    {
        var hash = Encoding.ASCII.GetBytes(HashPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
        Operator? found = null;
        // Every one is compared, in constant time: the answer's timing tells nothing.
        foreach (var candidate in operators)
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.UTF8.GetBytes(candidate.KeyHash.ToLowerInvariant()))) found = candidate;
        return found;
    }

    private static string Name(OperatorRole role) => role.ToString().ToLowerInvariant();
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using WhatsOps.Embedded.Hosting;

namespace WhatsOps.Embedded.Http;

/// <summary>
/// Checks `x-functions-key` or `?code=`. Digests of fixed length are compared in constant time, so neither content nor length of a key leaks.
/// </summary>
internal sealed class HttpKeys(HostSettings settings)
{
    private readonly byte[] master = Digest(settings.MasterKey!);
    private readonly byte[] function = Digest(settings.FunctionKey!);

    public bool Allow(AuthorizationLevel level, HttpRequest request)
    {
        if (level == AuthorizationLevel.Anonymous)
            return true;
        var key = request.Headers["x-functions-key"].ToString();
        if (key.Length == 0)
            key = request.Query["code"].ToString();
        if (key.Length is 0 or > 1024)
            return false;
        var given = Digest(key);
        return CryptographicOperations.FixedTimeEquals(given, master)
            | (level == AuthorizationLevel.Function & CryptographicOperations.FixedTimeEquals(given, function));
    }

    /// <summary>For the host's own endpoints: the master key or 401.</summary>
    public RequestDelegate Guard(RequestDelegate next) => http =>
    {
        if (Allow(AuthorizationLevel.Admin, http.Request))
            return next(http);
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    };

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

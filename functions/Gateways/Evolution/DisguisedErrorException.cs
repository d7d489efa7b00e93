namespace WhatsOps.Gateways.Evolution;

/// <summary>Evolution answered 200 with <c>{"error":true}</c>: connect and restart swallow what they catch.</summary>
internal sealed class DisguisedErrorException(string message) : Exception(message);

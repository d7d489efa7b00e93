namespace WhatsOps.Gateways;

/// <summary>The status said success and the body did not: Evolution answers 200 with <c>{"error":true}</c> where connect and restart swallow what they catch.</summary>
internal sealed class DisguisedErrorException(string message) : Exception(message);

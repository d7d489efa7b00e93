namespace WhatsOps.Embedded.Functions;

/// <summary>The request cannot be bound to the function's parameters; the message is for the caller (400).</summary>
internal sealed class InvalidInputException(string message, Exception? inner = null) : Exception(message, inner);

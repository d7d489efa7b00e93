namespace WhatsOps.Simulator.Http;

/// <summary>What the gateway answers: a status and a body.</summary>
internal sealed record Answer(int Status, ReadOnlyMemory<byte> Body, string ContentType = "application/json; charset=utf-8")
{
    public static Answer Ok(object? body) => new(200, Json.Bytes(body));

    public static Answer Created(object? body) => new(201, Json.Bytes(body));

    public static Answer Text(int status, string body) =>
        new(status, System.Text.Encoding.UTF8.GetBytes(body), "text/plain; charset=utf-8");

    /// <summary>The answer of logout and delete, given before anything has happened.</summary>
    public static Answer Success(string message) => Ok(new { status = "SUCCESS", error = false, response = new { message } });

    /// <summary>connect and restart answer 200 to an exception; the thrown object is turned into this text.</summary>
    public static Answer ErrorInside200() => Ok(new { error = true, message = "[object Object]" });

    public static Answer BadRequest(params string[] messages) => Error(400, "Bad Request", messages);

    /// <summary>A JSON-schema failure: an array inside an array.</summary>
    public static Answer Invalid(params string[] messages) => Error(400, "Bad Request", new[] { messages });

    public static Answer Unauthorized() => Error(401, "Unauthorized", "Unauthorized");

    public static Answer NameInUse(string name) => Error(403, "Forbidden", new[] { $"This name \"{name}\" is already in use." });

    public static Answer NotFound(string message) => Error(404, "Not Found", new[] { message });

    public static Answer NoInstance(string name) => NotFound($"The \"{name}\" instance does not exist");

    public static Answer Failed(object message) => Error(500, "Internal Server Error", message);

    public static Answer Error(int status, string error, object message) =>
        new(status, Json.Bytes(new { status, error, response = new { message } }));
}

using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace WhatsOps.Gateways.Evolution;

/// <summary>
/// Reads fetchInstances token by token as it arrives, so that 500 instances (half a megabyte) cost their names and little else.
/// 2.x: an array of flat rows. 1.x: each item nests <c>instance</c>, and a single match comes without the array.
/// <c>Proxy.password</c> and everything else in the rows is skipped, never kept; an instance's token is kept as what can only be hashed.
/// </summary>
internal sealed class EvolutionListReader
{
    private readonly List<InstanceSnapshot> _instances = [];
    private EvolutionVersion? _version;
    private int _rowDepth = -1;
    private bool _nested;
    private Field _field;
    private Row _row;

    private enum Field
    {
        None, Id, Name, State, Owner, Token, ReasonCode, ReasonObject, DisconnectedAt, UpdatedAt, Nested,
    }

    public static async Task<EvolutionList> ReadAsync(Stream body, CancellationToken cancellation)
    {
        var pipe = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        try
        {
            return await new EvolutionListReader().ReadAsync(pipe, cancellation);
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private async Task<EvolutionList> ReadAsync(PipeReader pipe, CancellationToken cancellation)
    {
        var state = new JsonReaderState();
        while (true)
        {
            var chunk = await pipe.ReadAsync(cancellation);
            var consumed = Consume(chunk.Buffer, chunk.IsCompleted, ref state);
            pipe.AdvanceTo(chunk.Buffer.GetPosition(consumed), chunk.Buffer.End);
            // At the end the JSON reader itself throws on whatever is missing.
            if (chunk.IsCompleted) return new EvolutionList(_instances, _version);
        }
    }

    private long Consume(ReadOnlySequence<byte> buffer, bool isFinal, ref JsonReaderState state)
    {
        var reader = new Utf8JsonReader(buffer, isFinal, state);
        while (reader.Read()) Take(ref reader);
        state = reader.CurrentState;
        return reader.BytesConsumed;
    }

    private void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray when reader.CurrentDepth == 0:
                _rowDepth = 1;
                break;
            case JsonTokenType.StartObject when _rowDepth < 0 || reader.CurrentDepth == _rowDepth:
                _rowDepth = reader.CurrentDepth;
                (_row, _nested) = (default, false);
                break;
            case JsonTokenType.EndObject when reader.CurrentDepth == _rowDepth:
                Keep();
                break;
            case JsonTokenType.PropertyName:
                _field = FieldOf(ref reader);
                break;
            case JsonTokenType.StartObject when _field == Field.Nested:
                _nested = true;
                _field = Field.None;
                break;
            case JsonTokenType.EndArray when reader.CurrentDepth == 0:
                break;
            default:
                // Anything but objects where rows belong: not a list of instances.
                if (reader.CurrentDepth <= Math.Max(_rowDepth, 0)) throw new JsonException("no instance list");
                TakeValue(ref reader);
                _field = Field.None;
                break;
        }
    }

    private Field FieldOf(ref Utf8JsonReader reader)
    {
        if (!_nested && reader.CurrentDepth == _rowDepth + 1)
            return reader.ValueTextEquals("name"u8) ? Field.Name
                : reader.ValueTextEquals("connectionStatus"u8) ? Field.State
                : reader.ValueTextEquals("id"u8) ? Field.Id
                : reader.ValueTextEquals("ownerJid"u8) ? Field.Owner
                : reader.ValueTextEquals("disconnectionReasonCode"u8) ? Field.ReasonCode
                : reader.ValueTextEquals("disconnectionObject"u8) ? Field.ReasonObject
                : reader.ValueTextEquals("disconnectionAt"u8) ? Field.DisconnectedAt
                : reader.ValueTextEquals("updatedAt"u8) ? Field.UpdatedAt
                : reader.ValueTextEquals("token"u8) ? Field.Token
                : reader.ValueTextEquals("instance"u8) ? Field.Nested
                : Field.None;
        if (_nested && reader.CurrentDepth == _rowDepth + 2)
            return reader.ValueTextEquals("instanceName"u8) ? Field.Name
                : reader.ValueTextEquals("status"u8) ? Field.State
                : reader.ValueTextEquals("instanceId"u8) ? Field.Id
                : reader.ValueTextEquals("owner"u8) ? Field.Owner
                : reader.ValueTextEquals("apikey"u8) ? Field.Token
                : Field.None;
        return Field.None;
    }

    private void TakeValue(ref Utf8JsonReader reader)
    {
        if (_field == Field.ReasonCode && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var code)) _row.Reason = code;
        if (reader.TokenType != JsonTokenType.String) return;
        switch (_field)
        {
            case Field.Name: _row.Name = reader.GetString(); break;
            case Field.Id: _row.Id = reader.GetString(); break;
            case Field.State: _row.State = StateOf(ref reader); break;
            case Field.Owner: _row.IsPaired = !reader.ValueTextEquals(""u8) && !reader.ValueTextEquals("not loaded"u8); break; // 1.x writes these words
            case Field.Token: _row.Token = new InstanceToken(reader.GetString()!); break;
            case Field.ReasonObject: _row.Reason ??= EvolutionDisconnection.ReasonOf(reader.GetString()!); break;
            case Field.DisconnectedAt: _row.DisconnectedAt = Time(ref reader); break;
            case Field.UpdatedAt: _row.UpdatedAt = Time(ref reader); break;
        }
    }

    private static InstanceState StateOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("open"u8) ? InstanceState.Open
        : reader.ValueTextEquals("close"u8) ? InstanceState.Close
        : reader.ValueTextEquals("connecting"u8) ? InstanceState.Connecting
        : EvolutionReader.ToState(reader.GetString());

    private static DateTimeOffset? Time(ref Utf8JsonReader reader) => reader.TryGetDateTimeOffset(out var time) ? time : null;

    private void Keep()
    {
        if (string.IsNullOrEmpty(_row.Name)) throw new JsonException("an instance without a name");
        _version = _nested ? EvolutionVersion.V1 : EvolutionVersion.V2;
        _instances.Add(new InstanceSnapshot(_row.Name, _row.State ?? InstanceState.NotLoaded, _row.Id, _row.IsPaired, _row.Reason, _row.DisconnectedAt, _row.UpdatedAt) { Token = _row.Token });
    }

    private struct Row
    {
        public string? Name;
        public string? Id;
        public InstanceState? State;
        public bool IsPaired;
        public InstanceToken? Token;
        public int? Reason;
        public DateTimeOffset? DisconnectedAt;
        public DateTimeOffset? UpdatedAt;
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace WhatsOps.Events;

/// <summary>
/// Feeds JSON values to a hash so that the order of object members, white space and the escaping of strings do not matter, and everything
/// else does. The value is read once into a flat list of tokens; objects are then visited by sorted name.
/// </summary>
internal sealed class CanonicalJson
{
    private const int MaxKept = 256 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<Token> _tokens = new(128);
    private readonly Stack<int> _open = new();
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private byte[] _text = new byte[4096];
    private int _textLength;

    public void Reset()
    {
        _tokens.Clear();
        _open.Clear();
        _output.ResetWrittenCount();
        _textLength = 0;
        // One huge body must not keep its buffers for the thread's life.
        if (_text.Length > MaxKept) _text = new byte[4096];
    }

    /// <summary>Takes the reader's current token. Every token of one value, in order, from its first to its last.</summary>
    public void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                var start = _open.Pop();
                _tokens[start] = _tokens[start] with { Next = _tokens.Count };
                return;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                _open.Push(_tokens.Count);
                _tokens.Add(new(reader.TokenType, 0, 0, 0));
                return;
            default:
                var length = CopyText(ref reader);
                _tokens.Add(new(reader.TokenType, _textLength, length, _tokens.Count + 1));
                _textLength += length;
                return;
        }
    }

    /// <summary>Adds a plain part before the value.</summary>
    public void Add(ReadOnlySpan<byte> part) => Write(0, part);

    /// <summary>The hash of all parts and the value: its first 128 bits.</summary>
    public Guid Finish()
    {
        if (_tokens.Count > 0) Visit(0);
        _hash.AppendData(_output.WrittenSpan);
        Span<byte> digest = stackalloc byte[32];
        _hash.GetHashAndReset(digest);
        return new Guid(digest[..16], bigEndian: true);
    }

    /// <summary>Writes the value at a token and returns the index after it.</summary>
    private int Visit(int index)
    {
        var token = _tokens[index];
        switch (token.Type)
        {
            case JsonTokenType.StartArray:
                Mark('[');
                for (var item = index + 1; item < token.Next;) item = Visit(item);
                Mark(']');
                return token.Next;
            case JsonTokenType.StartObject:
                Mark('{');
                VisitMembers(index + 1, token.Next);
                Mark('}');
                return token.Next;
            default:
                Write((byte)token.Type, _text.AsSpan(token.Start, token.Length));
                return token.Next;
        }
    }

    private void VisitMembers(int from, int to)
    {
        var names = ArrayPool<int>.Shared.Rent(16);
        var count = 0;
        for (var name = from; name < to; name = _tokens[name + 1].Next)
        {
            if (count == names.Length) Array.Resize(ref names, count * 2);
            names[count++] = name;
        }

        // A name twice keeps its order: which of the two a reader takes depends on it.
        names.AsSpan(0, count).Sort((left, right) => Name(left).SequenceCompareTo(Name(right)) is var order and not 0 ? order : left.CompareTo(right));
        for (var i = 0; i < count; i++)
        {
            Write((byte)JsonTokenType.PropertyName, Name(names[i]));
            Visit(names[i] + 1);
        }

        ArrayPool<int>.Shared.Return(names);
    }

    private ReadOnlySpan<byte> Name(int index) => _text.AsSpan(_tokens[index].Start, _tokens[index].Length);

    private int CopyText(ref Utf8JsonReader reader)
    {
        var room = _textLength + reader.ValueSpan.Length;
        if (room > _text.Length) Array.Resize(ref _text, Math.Max(room, _text.Length * 2));
        if (reader.ValueIsEscaped) return reader.CopyString(_text.AsSpan(_textLength));
        reader.ValueSpan.CopyTo(_text.AsSpan(_textLength));
        return reader.ValueSpan.Length;
    }

    private void Mark(char mark)
    {
        _output.GetSpan(1)[0] = (byte)mark;
        _output.Advance(1);
    }

    // Type and length in front of every text: no two different values give the same bytes.
    private void Write(byte type, ReadOnlySpan<byte> text)
    {
        var target = _output.GetSpan(text.Length + 5);
        target[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(target[1..], text.Length);
        text.CopyTo(target[5..]);
        _output.Advance(text.Length + 5);
    }

    private readonly record struct Token(JsonTokenType Type, int Start, int Length, int Next);
}

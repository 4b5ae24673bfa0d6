using System.Buffers;

namespace Containerd.Snapshots.Runtime.Filters;

/// <summary>
/// Reads the words of a filter. Space may stand in front of a word, but not behind one: containerd takes it for the
/// start of the next.
/// </summary>
/// <param name="text">The filter.</param>
internal ref struct FilterScanner(string text)
{
    public int Position { get; private set; }

    /// <summary>What <see cref="Fail"/> was told.</summary>
    public FilterError Error { get; private set; }

    public readonly bool AtEnd => Position == text.Length;

    /// <summary>The next character; NUL, which no filter has, at the end.</summary>
    public readonly char Peek => AtEnd ? '\0' : text[Position];

    private readonly ReadOnlySpan<char> Rest => text.AsSpan(Position);

    /// <summary>Notes an error. Always false, for the caller to return.</summary>
    /// <param name="reason">What is wrong.</param>
    /// <param name="offset">Where, from the current position.</param>
    public bool Fail(string reason, int offset = 0)
    {
        Error = new(Position + offset, reason);
        return false;
    }

    public bool TryAcceptCharacters()
    {
        var refused = FilterCharacters.IndexOfRefused(text);
        return refused < 0 || Fail("NUL, U+FFFD and halves of a surrogate pair are refused", refused - Position);
    }

    public void SkipSpace() => Position = text.Length - Rest.TrimStart().Length;

    public bool TrySkip(char separator)
    {
        if (Peek != separator)
            return false;

        Position++;
        return true;
    }

    /// <summary>Reads a part of a field path: a word, or any text in quotes.</summary>
    public bool TryReadFieldPart(out string? part)
    {
        SkipSpace();
        if (FilterCharacters.IsQuote(Peek))
            return TryReadQuoted(anyQuote: false, out part);

        part = ReadWhile(FilterCharacters.Field).ToString();
        return part.Length > 0 || Fail("expected a field: letters, digits and underscores, or a text in quotes");
    }

    /// <summary>Reads the signs of an operator, known or not; empty if there are none.</summary>
    public ReadOnlySpan<char> ReadOperator()
    {
        SkipSpace();
        return ReadWhile(FilterCharacters.Operator);
    }

    /// <summary>Reads a value, bare or in quotes.</summary>
    /// <param name="anyQuote">Whether slashes and bars quote too, as they do for a regular expression.</param>
    /// <param name="value">The value; null for one that is not UTF-8, and so equal to nothing.</param>
    public bool TryReadValue(bool anyQuote, out string? value)
    {
        SkipSpace();
        value = null;
        if (FilterCharacters.IsQuote(Peek))
            return TryReadQuoted(anyQuote, out value);

        if (AtEnd || FilterCharacters.IsSeparator(Peek) || FilterCharacters.Operator.Contains(Peek))
            return Fail("expected a value: a word that starts with none of , . = ! ~, or a text in quotes");

        value = ReadBareValue();
        return true;
    }

    // The first character was looked at: containerd takes it even if the value could not go on with it.
    private string ReadBareValue()
    {
        var start = Position;
        do
            Position += FilterCharacters.LengthAt(text, Position);
        while (!AtEnd && FilterCharacters.IsValueAt(text, Position));

        return text[start..Position];
    }

    private bool TryReadQuoted(bool anyQuote, out string? value)
    {
        value = null;
        if (!anyQuote && Peek != '"')
            return Fail($"{Peek} quotes nothing but regular expressions: expected \"");

        var quoted = new QuotedText(Rest);
        if (!quoted.TryRead(out value, out var length))
            return Fail(quoted.Reason, length);

        Position += length;
        return true;
    }

    private ReadOnlySpan<char> ReadWhile(SearchValues<char> characters)
    {
        var length = Rest.IndexOfAnyExcept(characters);
        var read = length < 0 ? Rest : Rest[..length];
        Position += read.Length;
        return read;
    }
}

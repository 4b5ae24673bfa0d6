using System.Buffers;

namespace Containerd.Snapshots.Runtime.Filters;

/// <summary>
/// Reads the tokens of a filter. Space may precede a token, but not follow the last one: containerd takes it for the
/// start of another token.
/// </summary>
/// <param name="text">The filter.</param>
internal ref struct FilterScanner(string text)
{
    public int Position { get; private set; }

    /// <summary>The error that <see cref="Fail"/> recorded.</summary>
    public FilterError Error { get; private set; }

    public readonly bool AtEnd => Position == text.Length;

    /// <summary>The next character; NUL, which no filter contains, at the end.</summary>
    public readonly char Peek => AtEnd ? '\0' : text[Position];

    private readonly ReadOnlySpan<char> Rest => text.AsSpan(Position);

    /// <summary>Records an error. Always returns false, for the caller to return.</summary>
    /// <param name="reason">What is wrong.</param>
    /// <param name="offset">The error's position, relative to the current position.</param>
    public bool Fail(string reason, int offset = 0)
    {
        Error = new(Position + offset, reason);
        return false;
    }

    public bool TryAcceptCharacters()
    {
        var refused = FilterCharacters.IndexOfRefused(text);
        return refused < 0 || Fail("NUL, U+FFFD and unpaired surrogates are not allowed", refused - Position);
    }

    public void SkipSpace() => Position = text.Length - Rest.TrimStart().Length;

    public bool TrySkip(char separator)
    {
        if (Peek != separator)
            return false;

        Position++;
        return true;
    }

    /// <summary>Reads a part of a field path: a word or a quoted text.</summary>
    public bool TryReadFieldPart(out string? part)
    {
        SkipSpace();
        if (FilterCharacters.IsQuote(Peek))
            return TryReadQuoted(anyQuote: false, out part);

        part = ReadWhile(FilterCharacters.Field).ToString();
        return part.Length > 0 || Fail("expected a field: letters, digits and underscores, or a quoted text");
    }

    /// <summary>Reads the characters of an operator, known or unknown; empty if there are none.</summary>
    public ReadOnlySpan<char> ReadOperator()
    {
        SkipSpace();
        return ReadWhile(FilterCharacters.Operator);
    }

    /// <summary>Reads a bare or quoted value.</summary>
    /// <param name="anyQuote">Whether slashes and bars are quotes, too, as for a regular expression.</param>
    /// <param name="value">The value; null if it is not UTF-8 and therefore equal to nothing.</param>
    public bool TryReadValue(bool anyQuote, out string? value)
    {
        SkipSpace();
        value = null;
        if (FilterCharacters.IsQuote(Peek))
            return TryReadQuoted(anyQuote, out value);

        if (AtEnd || FilterCharacters.IsSeparator(Peek) || FilterCharacters.Operator.Contains(Peek))
            return Fail("expected a value: a word that does not start with , . = ! or ~, or a quoted text");

        value = ReadBareValue();
        return true;
    }

    // The first character is checked already. containerd accepts it even if it could not continue a value.
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
            return Fail($"{Peek} quotes only regular expressions: expected \"");

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

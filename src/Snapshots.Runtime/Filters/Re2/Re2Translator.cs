using System.Text;

namespace Containerd.Snapshots.Runtime.Filters.Re2;

/// <summary>
/// Rewrites an RE2 expression, in the syntax that Go's regexp takes, for .NET. Only whether it matches is kept: groups
/// lose their names and numbers, repetition its greed. What is malformed in RE2 is refused, all that .NET alone knows too.
/// </summary>
/// <remarks>
/// Not kept: <c>\b</c> takes letters outside ASCII for letters; <c>(?i)</c> equates what .NET does (not the long s with s,
/// nor anything beyond U+FFFF); scripts in <c>\p</c> are refused, categories end at U+FFFF; a repetition of a repetition
/// behind a change of flags, <c>a*(?i)*</c>, is refused.
/// </remarks>
internal sealed class Re2Translator
{
    // RE2's own bound, on a slightly different measure. It also bounds what .NET does by recursion.
    private const int MaxDepth = 1000;

    private readonly Re2Reader _reader;
    private readonly StringBuilder _output = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Stack<Re2Group> _outer = new();
    private Re2Group _group = new(Re2Flags.None);
    private bool _hasAssertion;

    private Re2Translator(string pattern) => _reader = new(pattern);

    /// <summary>Translates an expression; null for a malformed one.</summary>
    public static Re2Translation? Translate(string pattern) => new Re2Translator(pattern).Translate();

    private Re2Translation? Translate()
    {
        while (!_reader.AtEnd)
        {
            if (!TryTranslateNext())
                return null;
        }

        if (_outer.Count > 0)
            return null;

        return new(_output.ToString(), _hasAssertion ? 2 * _group.Size : _group.Size);
    }

    private bool TryTranslateNext() => _reader.Peek switch
    {
        '(' => TryOpenGroup(),
        ')' => TryCloseGroup(),
        '[' => TryTranslateClass(),
        '\\' => TryTranslateEscape(),
        '*' or '+' or '?' or '{' => TryTranslateRepetition(),
        '|' => Alternate(),
        '^' => Assert(_group.Flags.HasFlag(Re2Flags.MultiLine) ? "(?m:^)" : @"\A"),
        '$' => Assert(_group.Flags.HasFlag(Re2Flags.MultiLine) ? "(?m:$)" : @"\z"),
        '.' => TranslateDot(),
        _ => Append(_reader.ReadCharacter()),
    };

    private bool TryOpenGroup()
    {
        if (!Re2GroupOpening.TryRead(_reader, _group.Flags, _names, out var flags, out var isGroup))
            return false;

        if (!isGroup)
        {
            _group.Flags = flags;
            return true;
        }

        _output.Append("(?:");
        _outer.Push(_group);
        _group = new(flags);
        return _outer.Count <= MaxDepth;
    }

    private bool TryCloseGroup()
    {
        if (!_outer.TryPop(out var outer))
            return false;

        _reader.Skip(1);
        _output.Append(')');
        outer.Add(_group.Size, _group.Repetitions);
        _group = outer;
        return true;
    }

    private bool Alternate()
    {
        _reader.Skip(1);
        _output.Append('|');
        _group.StartAlternative();
        return true;
    }

    private bool TryTranslateRepetition()
    {
        if (Re2Repetition.Read(_reader) is not { } repetition)
            return Append(_reader.ReadCharacter()); // A brace that counts nothing is a character.

        repetition.AppendTo(_output);
        return repetition.IsValid && _group.TryRepeat(repetition);
    }

    private bool TryTranslateEscape()
    {
        if (Re2Escape.IsClass(_reader))
        {
            var set = NewSet();
            return Re2Escape.TryReadClass(_reader, set) && Append(set);
        }

        switch (_reader.PeekSecond)
        {
            case 'A' or 'b' or 'B' or 'z':
                _reader.Skip(1);
                return Assert($@"\{(char)_reader.Peek}");
            case 'Q':
                return AppendQuotation();
            default:
                return Re2Escape.TryReadCharacter(_reader, out var character) && Append(character);
        }
    }

    private bool TryTranslateClass()
    {
        var set = NewSet();
        return Re2Class.TryRead(_reader, set) && Append(set);
    }

    private bool TranslateDot()
    {
        _reader.Skip(1);
        var set = NewSet();
        set.IsNegated = true;
        if (!_group.Flags.HasFlag(Re2Flags.DotAll))
            set.Add('\n', '\n');

        return Append(set);
    }

    private bool Assert(string assertion)
    {
        _reader.Skip(1);
        _output.Append(assertion);
        _hasAssertion = true;
        _group.Add(1);
        return true;
    }

    private bool AppendQuotation()
    {
        _reader.Skip(2);
        while (!_reader.AtEnd && !_reader.TrySkip(@"\E"))
            Append(_reader.ReadCharacter());

        return true;
    }

    private bool Append(int character)
    {
        var set = NewSet();
        set.Add(character, character);
        return Append(set);
    }

    private bool Append(CodePointSet set)
    {
        var (pattern, size) = set.Translate();
        _output.Append(pattern);
        _group.Add(size);
        return true;
    }

    private CodePointSet NewSet() => new(_group.Flags.HasFlag(Re2Flags.IgnoreCase));
}

/// <summary>A regular expression for .NET.</summary>
/// <param name="Pattern">The expression.</param>
/// <param name="Size">
/// How large an automaton it makes: its classes and assertions with all counts written out; twice that if it has assertions.
/// </param>
internal readonly record struct Re2Translation(string Pattern, int Size);

using System.Globalization;
using System.Text.RegularExpressions;
using Decant.Data.Duplicates;

namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>The filters that look at one text alone.</summary>
internal sealed class TextFilter
{
    private readonly SynthesisFilters _filters;
    private readonly PhraseSet _forbidden;
    private readonly PhraseSet? _language;
    private readonly Regex[] _match;
    private readonly Regex[] _refuse;

    /// <summary>The filters of some options.</summary>
    /// <exception cref="DecantException">An option is out of its range, a file cannot be read, or a regular expression is none.</exception>
    public TextFilter(SynthesisFilters filters)
    {
        _filters = filters.Checked();
        if (filters.MaxWords < filters.MinWords || filters.MaxCharacters < filters.MinCharacters)
            throw new DecantException("synthetic inputs: expected the most words or characters to be as many as the fewest, came fewer; no text could pass.");
        _forbidden = new PhraseSet(filters.Forbidden.Concat(filters.ForbiddenFiles.SelectMany(PhraseSet.Lines)));
        _language = filters.LanguageWords is { } file ? new PhraseSet(PhraseSet.Lines(file)) : null;
        if (_language is { IsEmpty: true })
            throw new DecantException($"{filters.LanguageWords}: expected words of the language, one on a line, came none.");
        (_match, _refuse) = ([.. filters.Match.Select(Made)], [.. filters.Refuse.Select(Made)]);
    }

    /// <summary>Why a text is set aside; null: it passes.</summary>
    public SetAside? Fault(string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r')))
            return SetAside.Empty;
        var words = TextParts.Of(text);
        var characters = text.EnumerateRunes().Count();
        if (words.Length < _filters.MinWords || characters < _filters.MinCharacters)
            return SetAside.TooShort;
        if (words.Length > _filters.MaxWords || characters > _filters.MaxCharacters)
            return SetAside.TooLong;
        if (_filters.Scripts.Count > 0 && LetterScripts.Share(text, _filters.Scripts) < _filters.ScriptShare)
            return SetAside.OtherScript;
        if (_language is not null && _language.Share(words) < _filters.LanguageShare)
            return SetAside.OtherLanguage;
        return _forbidden.IsIn(words) ? SetAside.ForbiddenWord : Patterns(text);
    }

    private SetAside? Patterns(string text)
    {
        try
        {
            return Array.TrueForAll(_match, pattern => pattern.IsMatch(text)) && !Array.Exists(_refuse, pattern => pattern.IsMatch(text)) ? null : SetAside.Pattern;
        }
        catch (RegexMatchTimeoutException)
        {
            return SetAside.PatternTime;
        }
    }

    private Regex Made(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(_filters.PatternMilliseconds));
        }
        catch (ArgumentException error)
        {
            throw new DecantException(string.Create(CultureInfo.InvariantCulture, $"synthetic inputs: expected a regular expression, came '{pattern}': {error.Message}"), inner: error);
        }
    }
}

using Decant.Text.Configuration;
using Decant.Text.Vocabularies;

namespace Decant.Text.Files;

/// <summary>Puts together the tokens that a tokenizer's files add to its vocabulary: its own list, and what the configuration beside it lists and names.</summary>
/// <remarks>
/// As <c>transformers</c> does it: <c>added_tokens_decoder</c> of tokenizer_config.json has the last word on how a token is found; a token that only a role or the
/// further special tokens name gets its id in the vocabulary, or else the next free one. Files that give one token two ids, or one id two tokens, are refused.
/// </remarks>
internal static class AddedTokenFiles
{
    /// <param name="own">What the tokenizer's main file adds.</param>
    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="config">What lies beside it.</param>
    /// <param name="source">The main file, for errors.</param>
    public static List<AddedToken> Merge(IEnumerable<AddedToken> own, IReadOnlyDictionary<string, int> vocabulary, TokenizerConfig config, string source)
    {
        var made = new List<AddedToken>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in own) Put(made, places, token);
        var special = config.Named.Values.Concat(config.Additional).ToHashSet(StringComparer.Ordinal);
        var holders = config.Added.Count + config.Listed.Count == 0 ? [] : Holders(vocabulary, made);
        foreach (var token in config.Added.OrderBy(token => token.Id))
        {
            if (token.Content.Length == 0) throw new DecantException($"{source}: the files beside it add a token without any text, of the id {token.Id}; take it out.");
            CheckId(token, made, places, vocabulary, holders, source);
            Put(made, places, token with { Special = token.Special || special.Contains(token.Content) });
        }

        foreach (var token in config.Listed.Where(token => !places.ContainsKey(token.Content)))
        {
            CheckId(token, made, places, vocabulary, holders, source);
            Put(made, places, Flagged(config, token.Content, token.Id, special.Contains(token.Content)));
        }

        foreach (var token in config.Listed) CheckId(token, made, places, vocabulary, holders, source);
        AddNamed(made, places, vocabulary, config);
        return made;
    }

    private static void AddNamed(List<AddedToken> made, Dictionary<string, int> places, IReadOnlyDictionary<string, int> vocabulary, TokenizerConfig config)
    {
        int? next = null;
        foreach (var content in config.Named.Values.Concat(config.Additional).Where(content => content.Length > 0))
        {
            if (places.ContainsKey(content)) continue;
            if (!vocabulary.TryGetValue(content, out var id))
            {
                next ??= vocabulary.Values.Concat(made.Select(token => token.Id)).DefaultIfEmpty(-1).Max() + 1;
                id = next.Value;
                next++;
            }

            Put(made, places, Flagged(config, content, id, special: true));
        }
    }

    private static AddedToken Flagged(TokenizerConfig config, string content, int id, bool special) =>
        config.Flags.TryGetValue(content, out var flags) ? flags with { Id = id, Special = special } : new AddedToken(id, content, Normalized: !special, Special: special);

    private static Dictionary<int, string> Holders(IReadOnlyDictionary<string, int> vocabulary, List<AddedToken> added)
    {
        var holders = new Dictionary<int, string>();
        foreach (var (token, id) in vocabulary) holders.TryAdd(id, token);
        foreach (var token in added) holders[token.Id] = token.Content;
        return holders;
    }

    private static void CheckId(
        AddedToken token, List<AddedToken> made, Dictionary<string, int> places, IReadOnlyDictionary<string, int> vocabulary, Dictionary<int, string> holders, string source)
    {
        int? known = places.TryGetValue(token.Content, out var place) ? made[place].Id : vocabulary.TryGetValue(token.Content, out var id) ? id : null;
        if (known is { } other && other != token.Id)
            throw new DecantException($"{source}: the token '{token.Content}' has the id {other}, and {token.Id} in the files beside it (tokenizer_config.json, added_tokens.json); they are not of one tokenizer.");
        if (!holders.TryAdd(token.Id, token.Content) && holders[token.Id] != token.Content)
            throw new DecantException($"{source}: the id {token.Id} is '{holders[token.Id]}', and '{token.Content}' in the files beside it (tokenizer_config.json, added_tokens.json); they are not of one tokenizer.");
    }

    private static void Put(List<AddedToken> made, Dictionary<string, int> places, AddedToken token)
    {
        if (places.TryGetValue(token.Content, out var place)) made[place] = token;
        else
        {
            places[token.Content] = made.Count;
            made.Add(token);
        }
    }
}

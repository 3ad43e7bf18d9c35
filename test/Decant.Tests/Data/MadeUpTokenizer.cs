using System.Reflection;
using Decant.Text;
using Decant.Text.Training;

namespace Decant.Tests.Data;

/// <summary>A tokenizer that says what a test wants: a word of digits is the token of that number, others have none.</summary>
public class MadeUpTokenizer : DispatchProxy
{
    private static readonly ITokenizer s_trained = new WordPieceOptions { Vocabulary = 300 }.Train(["a b"]); // for its special tokens: [PAD] is 0

    private int _vocabulary;
    private string _hash = "";
    private Func<string, int[]> _encode = Numbers;

    public int Calls { get; private set; }

    public static ITokenizer Make(int vocabulary, string hash = "made-up", Func<string, int[]>? encode = null)
    {
        var tokenizer = Create<ITokenizer, MadeUpTokenizer>();
        var own = (MadeUpTokenizer)(object)tokenizer;
        (own._vocabulary, own._hash) = (vocabulary, hash);
        own._encode = encode ?? own._encode;
        return tokenizer;
    }

    public static int CallsOf(ITokenizer tokenizer) => ((MadeUpTokenizer)(object)tokenizer).Calls;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        "get_VocabularySize" => _vocabulary,
        "get_Hash" => _hash,
        "get_Special" => s_trained.Special,
        "get_TokenToId" => new Dictionary<string, int>(),
        "Encode" => Count((string)args![0]!),
        "EncodeForModel" => new EncodedText(_encode((string)args![0]!), new byte[_encode((string)args![0]!).Length]),
        var other => throw new NotSupportedException(other),
    };

    private int[] Count(string text)
    {
        lock (this) Calls++;
        return _encode(text);
    }

    private static int[] Numbers(string text) => [.. text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.All(char.IsDigit)).Select(int.Parse)];
}

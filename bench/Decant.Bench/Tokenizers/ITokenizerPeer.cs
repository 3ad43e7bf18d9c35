namespace Decant.Bench.Tokenizers;

/// <summary>A library that turns texts into ids as a model reads them, with the tokens that it wants around a text.</summary>
internal interface ITokenizerPeer : IDisposable
{
    /// <summary>The library and its version.</summary>
    string Name { get; }

    /// <summary>The ids of a text.</summary>
    IReadOnlyList<int> Encode(string text);
}

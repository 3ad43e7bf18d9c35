namespace Decant.Hub;

/// <summary>What a model is fetched for, which decides what of it is needed.</summary>
internal enum FetchPurpose
{
    /// <summary>To build and run it: settings, tokenizer, weights.</summary>
    Model,

    /// <summary>Its weights for a network that is known already, and its tokenizer: its settings need not be those of a known family.</summary>
    Weights,

    /// <summary>To read texts as it does: tokenizer and settings, no weights.</summary>
    Tokenizer,

    /// <summary>To know its settings alone, such as the names of its classes.</summary>
    Settings,
}

using System.Text.Json;

namespace Decant.Text;

/// <summary>The third step of a tokenizer: cuts a word into tokens of the vocabulary.</summary>
internal interface ITokenModel
{
    /// <summary>Adds the ids of a word in order.</summary>
    void Encode(string word, List<int> ids);

    void Write(Utf8JsonWriter json);
}

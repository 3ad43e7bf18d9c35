using System.Text.Json;

namespace Decant.Text;

/// <summary>The second step of a tokenizer: cuts a text into words, inside of which tokens lie.</summary>
internal interface IPreTokenizer
{
    /// <summary>Adds the words in order.</summary>
    void Split(string text, List<string> words);

    void Write(Utf8JsonWriter json);
}

// Within this namespace the plain name means the tokenizers.
global using StyledText = Spectre.Console.Text;

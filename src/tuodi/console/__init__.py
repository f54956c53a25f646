"""The door for people, by desk: Chinese pages that parse, call one service or selector, and render."""

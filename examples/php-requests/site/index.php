<?php

// A page as any web server would run it: it starts from nothing at each request, even where the process is kept.
$pages = ($pages ?? 0) + 1;
header("X-Pages-Of-This-Process: $pages");

// What has to last lies outside of PHP. A function's temporary folder goes with its instance: a real site has a database.
$file = sys_get_temp_dir() . '/guestbook.txt';
if ($_SERVER['REQUEST_METHOD'] === 'POST' && trim($_POST['name'] ?? '') !== '') {
    $name = substr(trim($_POST['name']), 0, 80);
    file_put_contents($file, strtr($name, "\r\n", '  ') . "\n", FILE_APPEND | LOCK_EX);
    error_log("$name has signed");
}
$names = is_file($file) ? file($file, FILE_IGNORE_NEW_LINES) : [];
?>
<!doctype html>
<meta charset="utf-8">
<title>Guest book</title>
<h1>Guest book</h1>
<form method="post"><input name="name" placeholder="Your name"> <button>Sign</button></form>
<ol>
<?php foreach ($names as $name): ?>
  <li><?= htmlspecialchars($name) ?></li>
<?php endforeach ?>
</ol>
